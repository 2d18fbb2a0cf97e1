// A document on paper: everything that is written in it, in both languages, with how far each part is
// agreed. Nothing to press, nothing folded away.

import type { MatrixView, SectionView } from "../../core/contract.ts";
import { StateLine, standingOf } from "../agreeing/standing.tsx";
import { WholeText, says } from "../agreeing/text.tsx";
import { now } from "../core.ts";
import { claimLabel, personIn, stateOf, stateText } from "../matrix/model.ts";
import { teamLabel } from "../names.ts";
import { date, when } from "../times.ts";
import { type Both, type Lang, capital, lang, side, t } from "../words.ts";
import { schemaOf, useDoc } from "./context.ts";

/** Sections whose content stands in the table of a matrix. */
const IN_TABLE = ["functions"];

export function Paper() {
  const doc = useDoc();
  const { answer } = doc;
  const sections = answer.content.sections.filter((section) => section.id !== "talk" && section.fields);
  const shown = answer.matrix ? sections.filter((section) => !IN_TABLE.includes(section.id)) : sections;
  return (
    <div class="paper stack">
      <p class="fine">{t("web-printed", { when: [date(now.value), when(now.value)].join(", ") })}</p>
      {answer.matrix && <Table matrix={answer.matrix} />}
      {shown.map((section) => (
        <Part key={section.id} view={answer.matrix ? without(section, "cells") : section} />
      ))}
    </div>
  );
}

function Part({ view }: { view: SectionView }) {
  const doc = useDoc();
  const schema = schemaOf(doc, view.id);
  const standing = standingOf(doc, view.id);
  const written = view.fields?.some((field) => {
    const of = schema?.fields.find((one) => one.key === field.key);
    return of && says(of, field.value);
  });
  if (!written && !standing) return null;
  return (
    <section class="paper-part" aria-labelledby={`paper-${view.id}`}>
      <h2 id={`paper-${view.id}`}>{side(view.title)}</h2>
      {standing && <StateLine standing={standing} />}
      <WholeText view={view} schema={schema} />
    </section>
  );
}

function without(view: SectionView, key: string): SectionView {
  return { ...view, fields: view.fields?.filter((field) => field.key !== key) ?? null };
}

function Table({ matrix }: { matrix: MatrixView }) {
  const doc = useDoc();
  return (
    <table class="paper-table">
      <thead>
        <tr>
          <th scope="col">{t("web-function")}</th>
          {matrix.columns.map((column) => (
            <th scope="col" key={column.party}>
              {teamLabel(column.party)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {matrix.functions.map((fn) => (
          <tr key={fn.id}>
            <th scope="row">
              <Tongues text={fn.label} />
              <small>{stateText(stateOf(matrix, fn.id))}</small>
            </th>
            {fn.cells.map((cell, at) => (
              <td key={matrix.columns[at]?.party ?? at}>
                {cell ? (
                  <>
                    <strong>
                      <Tongues text={claimLabel(doc, cell.claim)} />
                    </strong>
                    {personIn(cell) && <p>{personIn(cell)}</p>}
                    <Tongues text={cell.note} />
                  </>
                ) : (
                  t("web-hidden-cell")
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Both languages, the reader's first; once where they are the same. */
function Tongues({ text }: { text: Both }) {
  const order: Lang[] = lang.value === "ru" ? ["ru", "en"] : ["en", "ru"];
  const written = order.filter((one) => text[one]);
  const shown = text.ru === text.en ? written.slice(0, 1) : written;
  return (
    <>
      {shown.map((one, at) => (
        <span lang={one} key={one} class={at > 0 ? "tongue second" : "tongue"}>
          {capital(text[one])}
        </span>
      ))}
    </>
  );
}
