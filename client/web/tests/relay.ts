// The relay's program, on a free port of loopback, with a folder of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = process.env["ENTENTE_RELAY"] ?? resolve(import.meta.dirname, "../../../target/debug/entente-relay");

export class Relay {
  private constructor(
    private readonly folder: string,
    private child: ChildProcess,
    private readonly listen: string,
    /** The link of its first start. */
    readonly link: string,
  ) {}

  static async start(): Promise<Relay> {
    const folder = await mkdtemp(join(tmpdir(), "entente-web-"));
    const { child, address, link } = await serve(folder, "127.0.0.1:0");
    if (!link) throw new Error("a first start prints a founding link");
    return new Relay(folder, child, address, link);
  }

  /** As a power cut: no word to anybody. */
  async kill(): Promise<void> {
    const gone = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGKILL");
    await gone;
  }

  /** Serves again at the same address, from the same folder. */
  async again(): Promise<void> {
    ({ child: this.child } = await serve(this.folder, this.listen));
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

type Serving = { child: ChildProcess; address: string; link: string | undefined };

function serve(folder: string, listen: string): Promise<Serving> {
  const arguments_ = ["serve", "--operator", "Morosha", "--listen", listen, "--data", folder];
  const child = spawn(PROGRAM, arguments_, { stdio: ["ignore", "pipe", "inherit"] });
  const first = listen.endsWith(":0");
  let address = "";
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the relay ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /listening on http:\/\/(\S+)/.exec(line);
      if (found?.[1]) {
        address = found[1];
        if (!first) resolve({ child, address, link: undefined });
      }
      const link = line.split(/\s+/).find((word) => word.includes("/#found-"));
      if (link) resolve({ child, address, link });
    });
  });
}
