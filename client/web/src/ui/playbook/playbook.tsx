// How the teams work together: decisions, timeline, who talks to whom, the approval chain; and the
// next hours of both cities.

import { useDoc } from "../document/context.ts";
import { Decides } from "../document/decides.tsx";
import { Section } from "../document/section.tsx";
import { Icon } from "../parts/icon.tsx";
import { NextHours } from "../parts/band.tsx";
import { t } from "../words.ts";

export function PlaybookBody() {
  const doc = useDoc();
  const view = doc.answer.playbook;
  return (
    <>
      <Decides />
      {view && (view.undecided.length > 0 || view.unheld.length > 0) && (
        <ul class="row">
          {view.undecided.length > 0 && (
            <li class="chip waits">
              <Icon mark="nobody" /> {t("web-undecided", { count: view.undecided.length })}
            </li>
          )}
          {view.unheld.length > 0 && (
            <li class="chip waits">
              <Icon mark="nobody" /> {t("web-unheld", { count: view.unheld.length })}
            </li>
          )}
        </ul>
      )}
      {doc.answer.content.sections
        .filter((section) => section.id !== "talk")
        .map((section) => (
          <div key={section.id} class="stack">
            {section.id === "timeline" && <NextHours />}
            <Section view={section} />
          </div>
        ))}
    </>
  );
}
