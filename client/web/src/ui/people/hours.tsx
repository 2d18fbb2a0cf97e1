// A team's working hours and holidays.

import { useState } from "preact/hooks";
import { call, problemText, seen } from "../core.ts";
import { teamLabel } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { AreaField, TextField } from "../parts/field.tsx";
import { say } from "../parts/toast.tsx";
import { side, t } from "../words.ts";

export function Hours({ party, onClose }: { party: string; onClose: () => void }) {
  const team = seen("setting", {})?.parties.find((one) => one.party === party);
  const [work, setWork] = useState(team?.work ?? "");
  const [holidays, setHolidays] = useState(team?.holidays ?? "");
  const [problem, setProblem] = useState("");
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      const answer = await call("set-calendar", { party, work: work.trim(), holidays: holidays.trim() });
      say(answer.became === "suggested" ? side(answer.said) : t("web-saved"));
      onClose();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <Dialog title={t("web-hours-of", { party: teamLabel(party) })} onClose={onClose}>
      <form class="stack" onSubmit={save}>
        <TextField label={t("web-hours")} help={t("web-hours-help")} value={work} required problem={problem} onText={setWork} />
        <AreaField label={t("web-holidays")} help={t("web-holidays-help")} value={holidays} rows={3} onText={setHolidays} />
        <div class="row end">
          <button type="submit" class="button main">
            {t("web-save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
