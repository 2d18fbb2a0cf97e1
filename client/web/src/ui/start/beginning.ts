// From the founding form to the link for the other lead: found, create the first document, invite.

import { effect, signal } from "@preact/signals";
import type { InvitedAnswer, RecoveryKey, TeamWish } from "../../core/contract.ts";
import { call, look, viewed } from "../core.ts";
import { t } from "../words.ts";
import { deviceName } from "./browser.ts";

type Wish = { link: string; teams: TeamWish[]; me: string; lead: string; kind: string };

type Beginning =
  | { state: "working"; recovery: RecoveryKey }
  | { state: "ready"; recovery: RecoveryKey; invited: InvitedAnswer; lead: string; document: string }
  | { state: "stuck"; recovery: RecoveryKey; error: unknown };

/** What the founder sees between the form and the first document. */
export const beginning = signal<Beginning | null>(null);

/** Founds, and prepares the rest once the relay has taken it. */
export async function begin({ link, teams, me, lead, kind }: Wish): Promise<void> {
  const { recovery } = await call("found", { link, teams, me, device: deviceName() });
  beginning.value = { state: "working", recovery };
  try {
    await founded();
    const { document } = await call("create", { kind, title: t(`web-begin-${kind}`) });
    const setting = await look("setting", {});
    const party = setting.parties.find((one) => one.party !== setting.me?.person.party)?.party ?? "";
    const invited = await call("invite", { party, name: lead, roles: ["lead"] });
    beginning.value = { state: "ready", recovery, invited, lead, document };
  } catch (error) {
    beginning.value = { state: "stuck", recovery, error };
  }
}

/** Waits until the partnership stands on the relay. */
function founded(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      const app = viewed("app", {});
      if (app.state === "here" && app.view.stage === "member") {
        queueMicrotask(() => stop());
        resolve();
      }
    });
  });
}
