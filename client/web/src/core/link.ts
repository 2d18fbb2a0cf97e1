/** The connection to the relay: one socket at a time, tried again after pauses that grow. */

/** The first and the longest pause before connecting again, in milliseconds. */
const PAUSE_MS = { first: 1_000, longest: 60_000 };
/** The relay says something every 30 s; after this long it is gone. */
const SILENCE_MS = 90_000;

/** What the session hears. */
export interface Heard {
  opened(): void;
  frame(bytes: Uint8Array): void;
  lost(): void;
}

export class Link {
  private socket: WebSocket | null = null;
  private isOpen = false;
  private pauseMs = PAUSE_MS.first;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private silence: ReturnType<typeof setTimeout> | null = null;
  private tried = 0;
  /** When the next try is due. */
  nextTryMs: number | null = null;

  constructor(
    private readonly addresses: () => string[],
    private readonly heard: Heard,
  ) {}

  get isConnected(): boolean {
    return this.isOpen;
  }

  /** Connects now, unless a socket is there or on its way. */
  connect(): void {
    if (this.socket) return;
    this.forgetTimer();
    const addresses = this.addresses();
    const address = addresses[this.tried % addresses.length];
    if (!address) return;
    this.tried++;
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.isOpen = true;
      this.listen();
      this.heard.opened();
    };
    socket.onmessage = (event) => {
      this.listen();
      if (event.data instanceof ArrayBuffer) this.heard.frame(new Uint8Array(event.data));
    };
    socket.onclose = () => this.gone(socket);
    this.socket = socket;
  }

  send(frames: Uint8Array[]): void {
    if (!this.socket || !this.isOpen) return;
    for (const frame of frames) this.socket.send(new Uint8Array(frame));
  }

  /** Everything has arrived: the next pause is a short one again. */
  settled(): void {
    this.pauseMs = PAUSE_MS.first;
    this.tried = 0;
  }

  /** Leaves this socket; the next one is due after a pause, or at once. */
  leave(atOnce: boolean): void {
    const socket = this.socket;
    if (!socket) return;
    if (atOnce) this.pauseMs = 0;
    socket.close();
    this.gone(socket);
  }

  /** Leaves, and does not come back by itself. */
  stop(): void {
    const socket = this.socket;
    this.socket = null;
    this.isOpen = false;
    this.forgetTimer();
    if (this.silence) clearTimeout(this.silence);
    socket?.close();
  }

  private gone(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    this.isOpen = false;
    if (this.silence) clearTimeout(this.silence);
    const pause = this.pauseMs * (0.8 + 0.4 * Math.random());
    this.pauseMs = Math.min(Math.max(this.pauseMs * 2, PAUSE_MS.first), PAUSE_MS.longest);
    this.nextTryMs = Date.now() + pause;
    this.timer = setTimeout(() => this.connect(), pause);
    this.heard.lost();
  }

  private listen(): void {
    if (this.silence) clearTimeout(this.silence);
    this.silence = setTimeout(() => this.leave(false), SILENCE_MS);
  }

  private forgetTimer(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.nextTryMs = null;
  }
}
