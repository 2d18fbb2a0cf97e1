// A person lost a device: end what is lost, and give a link for the new one. Two taps for a lead.

import { useState } from "preact/hooks";
import type { InvitedAnswer, PersonLine } from "../../core/contract.ts";
import { call, problemText, seen } from "../core.ts";
import { nameOf } from "../names.ts";
import { Dialog } from "../parts/dialog.tsx";
import { date } from "../times.ts";
import { t } from "../words.ts";

type Props = { person: PersonLine; onInvited: (invited: { name: string; answer: InvitedAnswer }) => void; onClose: () => void };

export function Replace({ person, onInvited, onClose }: Props) {
  const devices = seen("devices", {})?.team.find((one) => one.person.id === person.id)?.devices.filter((one) => one.ended_ms === null) ?? [];
  const [lost, setLost] = useState<string[]>();
  const [problem, setProblem] = useState("");
  // Somebody with one device has lost that one.
  const gone = lost ?? (devices.length === 1 ? devices.map((one) => one.device) : []);
  const replace = async (event: Event) => {
    event.preventDefault();
    try {
      for (const device of gone) await call("end-device", { device, lost: true });
      const answer = await call("invite", { person: person.id });
      onClose();
      onInvited({ name: nameOf(person), answer });
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  return (
    <Dialog title={t("web-replace-device")} onClose={onClose}>
      <form class="stack" onSubmit={replace}>
        <p>{t("web-replace-help", { person: nameOf(person) })}</p>
        <fieldset class="stack tight">
          <legend class="label">{t("web-replace-which")}</legend>
          {devices.map((device) => (
            <label class="check" key={device.device}>
              <input
                type="checkbox"
                checked={gone.includes(device.device)}
                onChange={(event) => setLost(event.currentTarget.checked ? [...gone, device.device] : gone.filter((one) => one !== device.device))}
              />
              {device.label || t("web-device-unnamed")} <small>{t("since", { when: date(device.enrolled_ms) })}</small>
            </label>
          ))}
        </fieldset>
        {problem && (
          <p class="note grave" role="alert">
            {problem}
          </p>
        )}
        <div class="row end">
          <button type="submit" class="button main">
            {t("web-replace-go")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
