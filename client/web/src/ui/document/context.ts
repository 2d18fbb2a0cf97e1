// The document on the screen, for everything drawn inside it.

import { type ReadonlySignal, computed } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { BandLine, DocumentAnswer, FieldSchema, KindSchema, Path, Proposal, SectionAccess, SectionId, SectionSchema } from "../../core/contract.ts";

/** A document as it is now. It stays the same object: what is read of it says what is drawn anew. */
export class Doc {
  /** The suggestions that wait in it. */
  readonly waiting: ReadonlySignal<Proposal[]>;
  /** The values in it that move within a band. */
  readonly bands: ReadonlySignal<BandLine[]>;
  /** Whether there is a talk beside it that the reader may read. */
  readonly hasTalk: ReadonlySignal<boolean>;

  constructor(
    readonly id: string,
    readonly kind: KindSchema,
    private readonly now: ReadonlySignal<DocumentAnswer>,
  ) {
    this.waiting = computed(() => now.value.waiting);
    this.bands = computed(() => now.value.bands);
    this.hasTalk = computed(() => now.value.content.sections.some((one) => one.id === "talk" && one.fields !== null));
  }

  get answer(): DocumentAnswer {
    return this.now.value;
  }
}

export const DocContext = createContext<Doc | null>(null);

export function useDoc(): Doc {
  const doc = useContext(DocContext);
  if (!doc) throw new Error("drawn outside a document");
  return doc;
}

export function accessOf(doc: Doc, section: SectionId): SectionAccess | undefined {
  return doc.answer.access.find((one) => one.section === section);
}

export function schemaOf(doc: Doc, section: SectionId): SectionSchema | undefined {
  const family = section.split("/", 1)[0];
  return doc.kind.sections.find((one) => one.pattern === section || one.family === family);
}

export function fieldSchema(fields: FieldSchema[] | undefined, key: string): FieldSchema | undefined {
  return fields?.find((field) => field.key === key);
}

export function samePath(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((key, place) => key === other[place]);
}

export function isBelow(path: Path, above: Path): boolean {
  return above.length <= path.length && above.every((key, place) => key === path[place]);
}

/** An id for the element that shows a place, so that links can lead to it. */
export function anchor(section: SectionId, path: Path): string {
  return `at-${[section, ...path].join(".").replace(/[^\w.-]/g, "-")}`;
}
