// To settle before signing: what both teams do, with the ways to share it, and what nobody does.

import { useId, useState } from "preact/hooks";
import type { MatrixView, Overlaps } from "../../core/contract.ts";
import { seen } from "../core.ts";
import { SignButton, StateLine, standingOf } from "../agreeing/standing.tsx";
import { Conflict } from "../document/conflict.tsx";
import { accessOf, useDoc } from "../document/context.ts";
import { change, commitSoon, scalar, string, write } from "../document/edit.ts";
import { Waiting } from "../document/waiting.tsx";
import { me, teamLabel } from "../names.ts";
import { Options } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { narrow } from "../parts/narrow.ts";
import { capital, list, side, t } from "../words.ts";
import { cellPath, claimLabel, sectionOf } from "./model.ts";

export function Rail({ matrix }: { matrix: MatrixView }) {
  const doc = useDoc();
  const overlaps = seen("overlaps", { document: doc.id });
  if (!overlaps) return <aside class="rail" />;
  const open = overlaps.overlaps.filter((one) => !one.settled);
  const agreed = overlaps.overlaps.filter((one) => one.settled);
  const { gaps } = overlaps;
  const undecided = (gap: Gap) => matrix.gaps.find((one) => one.function === gap.function)?.undecided ?? [];
  const discussed = gaps.filter((gap) => undecided(gap).length > 0);
  const content = (
    <div class="stack">
      {overlaps.to_settle === 0 && (
        <p class="row">
          <Icon mark="done" /> {t("web-all-settled")}
        </p>
      )}
      {open.map((overlap) => (
        <OverlapCard key={overlap.function} overlap={overlap} />
      ))}
      {gaps.filter((gap) => undecided(gap).length === 0).map((gap) => (
        <GapCard key={gap.function} gap={gap} />
      ))}
      {discussed.length > 0 && (
        <section class="settle" aria-labelledby="discuss-title">
          <h3 id="discuss-title">
            <Icon mark="talk" /> {t("web-to-discuss")} <span class="soft">{discussed.length}</span>
          </h3>
          <ul class="lines tight-lines">
            {discussed.map((gap) => (
              <li class="row apart" key={gap.function} id={`settle-${gap.function}`} tabIndex={-1}>
                <span class="grow">
                  {capital(side(gap.label))}
                  <small class="block">{list(undecided(gap).map(teamLabel))}</small>
                </span>
                <TakeIt gap={gap} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {agreed.length > 0 && (
        <details class="more">
          <summary>{t("web-agreed-count", { count: agreed.length })}</summary>
          <div class="stack">
            {agreed.map((overlap) => (
              <OverlapCard key={overlap.function} overlap={overlap} />
            ))}
          </div>
        </details>
      )}
      <SplitState open={overlaps.to_settle} />
    </div>
  );
  if (narrow.value) {
    return (
      <details class="rail">
        <summary>
          <h2>
            {t("web-to-settle-before")} <span class="count">{overlaps.to_settle}</span>
          </h2>
        </summary>
        {content}
      </details>
    );
  }
  return (
    <aside class="rail" aria-labelledby="rail-title">
      <h2 id="rail-title">
        {t("web-to-settle-before")} <span class="count">{overlaps.to_settle}</span>
      </h2>
      {content}
    </aside>
  );
}

/** How far the split is agreed, and the way to sign it. */
function SplitState({ open }: { open: number }) {
  const doc = useDoc();
  const standing = standingOf(doc, "split");
  if (!standing) return null;
  return (
    <div class="settle split-state">
      <h3>{t("web-split")}</h3>
      <StateLine standing={standing} />
      {standing.yours_to_sign && (
        <>
          <SignButton standing={standing} />
          {open > 0 && <p class="soft fine">{t("web-sign-opens", { count: open })}</p>}
        </>
      )}
    </div>
  );
}

type Overlap = Overlaps["overlaps"][number];

/** `one-side` comes once for each side; the pair of word and side names a choice. */
const choiceKey = (word: string | null | undefined, team: string | null | undefined) => [word, team].filter(Boolean).join(" ");

function OverlapCard({ overlap }: { overlap: Overlap }) {
  const doc = useDoc();
  const id = useId();
  const standing = overlap.agreed?.rule ? choiceKey(overlap.agreed.rule, overlap.agreed.rule === "one-side" ? overlap.agreed.side : null) : undefined;
  const [picked, setPicked] = useState<string>();
  const value = picked ?? standing;
  const path = ["agreements", overlap.function];
  const settle = async () => {
    const choice = overlap.choices.find((one) => choiceKey(one.word, one.side) === value);
    if (!choice) return;
    const place = { ru: `${t("web-split")} · ${overlap.label.ru}`, en: `${t("web-split")} · ${overlap.label.en}` };
    const rule = [...path, "rule"];
    const written =
      accessOf(doc, "split")?.access === "edit"
        ? await write(doc, "split", [
            scalar(rule, string(choice.word)),
            ...(choice.side ? [scalar([...path, "side"], string(choice.side))] : []),
          ])
        : await change(doc, { section: "split", path: rule, command: scalar(rule, string(choice.word)), place, shown: choice.label });
    if (!written) return;
    commitSoon(false);
    say(t("web-agreed-written", { function: side(overlap.label), choice: side(choice.label) }));
  };
  return (
    <section class={`settle ${overlap.settled ? "is-settled" : ""}`} id={`settle-${overlap.function}`} tabIndex={-1} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>
        <Icon mark={overlap.settled ? "done" : "both"} /> {t("web-both")}: {side(overlap.label)}
      </h3>
      <p class="soft fine">{list(overlap.parties.map(teamLabel))}</p>
      {overlap.agreed && side(overlap.agreed.text) && <p class="text quote">{side(overlap.agreed.text)}</p>}
      <Options
        legend={t("web-choices")}
        hidden
        name={`${id}-choice`}
        value={value}
        options={overlap.choices.map((one) => ({
          value: choiceKey(one.word, one.side),
          label: capital(side(one.label)),
          help: one.help ? side(one.help) : undefined,
        }))}
        onPick={setPicked}
      />
      <Conflict section="split" path={path} />
      <Waiting section="split" path={path} />
      {value !== standing && (
        <button type="button" class="button main small" onClick={settle}>
          {t("web-agree-choice")}
        </button>
      )}
    </section>
  );
}

type Gap = Overlaps["gaps"][number];

function GapCard({ gap }: { gap: Gap }) {
  return (
    <section class="settle" id={`settle-${gap.function}`} tabIndex={-1}>
      <h3>
        <Icon mark="nobody" /> {t("web-nobody")}: {side(gap.label)}
      </h3>
      {gap.supporters.length > 0 && <p class="soft fine">{t("web-gap-supporters", { teams: list(gap.supporters.map(teamLabel)) })}</p>}
      <TakeIt gap={gap} />
    </section>
  );
}

/** Puts a function into the reader's own column, under their own name. */
function TakeIt({ gap }: { gap: Gap }) {
  const doc = useDoc();
  const mine = me();
  const party = mine?.party;
  if (!mine || !party) return null;
  const take = async () => {
    const section = sectionOf(party);
    const path = cellPath(gap.function);
    const claim = [...path, "claim"];
    if (accessOf(doc, section)?.access === "edit") {
      await write(doc, section, [scalar(claim, string("own")), scalar([...path, "person"], string(mine.id))]);
      return;
    }
    await change(doc, { section, path: claim, command: scalar(claim, string("own")), place: gap.label, shown: claimLabel(doc, "own") });
  };
  return (
    <button type="button" class="button small" aria-label={`${t("web-we-take-it")}: ${side(gap.label)}`} onClick={take}>
      {t("web-we-take-it")}
    </button>
  );
}
