// A server between the browser and the relay: it serves another version of the app, cuts the socket, or
// changes what a worker is given, as the world outside may.

import { type IncomingMessage, type Server, createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** What becomes of a file on its way; nothing leaves it as it is. */
export type Change = (path: string, body: string) => string | undefined;

export class Proxy {
  private readonly sockets = new Set<Duplex>();
  private change: Change = () => undefined;
  private isCut = false;

  private constructor(
    private readonly server: Server,
    private readonly behind: URL,
  ) {}

  static async before(link: string): Promise<Proxy> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const proxy = new Proxy(server, new URL(link));
    server.on("request", (asked, answer) => {
      const { "accept-encoding": _, "if-none-match": __, ...headers } = asked.headers;
      const on = request({ host: proxy.behind.hostname, port: proxy.behind.port, path: asked.url, method: asked.method, headers }, (come) => {
        const parts: Buffer[] = [];
        come.on("data", (part: Buffer) => parts.push(part));
        come.on("end", () => {
          const body = Buffer.concat(parts);
          const changed = /javascript|html/.test(come.headers["content-type"] ?? "") ? proxy.change(asked.url ?? "", body.toString()) : undefined;
          const { "content-length": _, etag: __, ...kept } = come.headers;
          // What was changed may be changed again.
          if (changed !== undefined) kept["cache-control"] = "no-store";
          answer.writeHead(come.statusCode ?? 502, kept);
          answer.end(changed ?? body);
        });
      });
      on.on("error", () => answer.destroy());
      asked.pipe(on);
    });
    server.on("upgrade", (asked: IncomingMessage, socket: Duplex, head: Buffer) => proxy.through(asked, socket, head));
    return proxy;
  }

  /** A link of the relay, leading here. */
  link(link: string): string {
    const url = new URL(link);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  rewrite(change: Change): void {
    this.change = change;
  }

  /** The page can be loaded, and nothing reaches the relay. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  mend(): void {
    this.isCut = false;
  }

  async end(): Promise<void> {
    this.cut();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private through(asked: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.isCut) return void socket.destroy();
    const on = connect(Number(this.behind.port), this.behind.hostname);
    this.sockets.add(socket).add(on);
    // To the relay it is a page of its own.
    const own = { ...asked.headers, host: this.behind.host, origin: this.behind.origin };
    const headers = Object.entries(own).map(([name, value]) => `${name}: ${value}\r\n`);
    on.write(`GET ${asked.url} HTTP/1.1\r\n${headers.join("")}\r\n`);
    on.write(head);
    socket.pipe(on).pipe(socket);
    for (const end of [socket, on]) end.on("error", () => socket.destroy()).on("close", () => on.destroy());
  }
}
