// "Download my copy": a file that another device, or the command line, takes in.

import type { DocumentId } from "../../core/contract.ts";
import { attempt, call } from "../core.ts";
import { saveFile } from "../parts/copy.tsx";

export async function saveDocument(document: DocumentId): Promise<void> {
  await save([document]);
}

export async function saveAll(): Promise<void> {
  await save(undefined);
}

async function save(documents: DocumentId[] | undefined): Promise<void> {
  const file = await attempt(call("export", { documents }));
  if (file) saveFile(file.name, file.bytes as Uint8Array<ArrayBuffer>, "application/octet-stream");
}
