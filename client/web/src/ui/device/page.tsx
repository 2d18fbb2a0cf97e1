// This device and the others: adding one, ending one, checking the record, one's own copy of everything.

import { useState } from "preact/hooks";
import { encode } from "uqr";
import type { DeviceLine, InvitedAnswer, VerifiedAnswer } from "../../core/contract.ts";
import { attempt, call, look, problemText, seen } from "../core.ts";
import { CopyButton, ShareButton } from "../parts/copy.tsx";
import { Icon } from "../parts/icon.tsx";
import { say } from "../parts/toast.tsx";
import { PresenceChoice } from "../document/presence.tsx";
import { PageHead } from "../shell/documents.tsx";
import { installOffer, isKept } from "../shell/safety.ts";
import { isIosBrowser } from "../start/browser.ts";
import { date, when } from "../times.ts";
import { side, t } from "../words.ts";
import { saveAll } from "./copy.ts";

export function DevicePage() {
  const app = seen("app", {});
  return (
    <>
      <PageHead title={t("web-device")} />
      <div class="columns">
        <Devices />
        <div class="stack">
          <Keeping />
          <PresenceChoice />
          <Check />
          <Copy />
          {app?.relay && (
            <section class="sheet close stack">
              <h2>{t("web-relay")}</h2>
              <p>{app.relay.operator ? t("web-join-operator", { operator: app.relay.operator }) : t("web-join-operator-unknown")}</p>
              <p class="soft fine">{app.relay.address}</p>
            </section>
          )}
          <Partnerships />
        </div>
      </div>
    </>
  );
}

function Devices() {
  const devices = seen("devices", {})?.devices ?? [];
  const [invited, setInvited] = useState<InvitedAnswer>();
  const add = async () => setInvited(await attempt(call("invite", { device: true })));
  return (
    <section class="sheet close stack" aria-labelledby="devices-title">
      <h2 id="devices-title">{t("devices-title")}</h2>
      <ul class="lines">
        {devices.map((device) => (
          <Device key={device.device} device={device} />
        ))}
      </ul>
      {invited ? (
        <div class="stack second-device">
          <p>{t("web-device-scan")}</p>
          <Qr text={invited.link} />
          <p class="soft fine">{t("web-device-until", { until: when(invited.expires_ms) })}</p>
          <div class="row">
            <CopyButton text={invited.link} label={t("web-copy-link")} />
            <ShareButton text={invited.link} />
          </div>
        </div>
      ) : (
        <div class="row">
          <button type="button" class="button main" onClick={add}>
            <Icon mark="plus" />
            {t("web-device-add")}
          </button>
        </div>
      )}
    </section>
  );
}

function Device({ device }: { device: DeviceLine }) {
  const end = async (lost: boolean) => {
    if (!confirm(t(lost ? "web-device-lost-sure" : "web-device-end-sure", { device: device.label || t("web-device-unnamed") }))) return;
    const done = await attempt(call("end-device", { device: device.device, lost }));
    if (done?.said) say(side(done.said));
  };
  return (
    <li class="row apart">
      <span class="grow">
        <strong>{device.label || t("web-device-unnamed")}</strong> {device.this && <span class="chip good">{t("devices-this")}</span>}
        <br />
        <small>
          {device.ended_ms !== null
            ? t(device.lost ? "devices-lost" : "devices-closed", { when: when(device.ended_ms) })
            : t("since", { when: date(device.enrolled_ms) })}
        </small>
      </span>
      {!device.this && device.ended_ms === null && (
        <span class="row">
          <button type="button" class="button small" onClick={() => end(true)}>
            {t("web-device-lost")}
          </button>
          <button type="button" class="button small" onClick={() => end(false)}>
            {t("web-device-end")}
          </button>
        </span>
      )}
    </li>
  );
}

/** A QR code drawn as one path: dark on white, whatever the theme. */
function Qr({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: "M", border: 3 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t("web-device-qr")}>
      <rect width={size} height={size} />
      <path d={path} />
    </svg>
  );
}

function Keeping() {
  const kept = isKept.value;
  return (
    <section class="sheet close stack" aria-labelledby="keeping-title">
      <h2 id="keeping-title">{t("web-keeping")}</h2>
      <p>{t(kept === true ? "web-kept" : kept === false ? "web-not-kept" : "web-keep-unknown")}</p>
      {installOffer.value && (
        <div class="row">
          <button type="button" class="button" onClick={installOffer.value}>
            <Icon mark="download" />
            {t("web-install")}
          </button>
        </div>
      )}
      {isIosBrowser() && <p class="soft fine">{t("web-home-add")}</p>}
    </section>
  );
}

function Check() {
  const [answer, setAnswer] = useState<VerifiedAnswer>();
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    setAnswer(await attempt(look("verified", {})));
    setBusy(false);
  };
  return (
    <section class="sheet close stack" aria-labelledby="check-title">
      <h2 id="check-title">{t("web-check")}</h2>
      <p class="soft">{t("web-check-help")}</p>
      <div class="row">
        <button type="button" class="button" disabled={busy} onClick={check}>
          {t(busy ? "web-check-busy" : "web-check-go")}
        </button>
      </div>
      {answer && (
        <div class={`note ${answer.good ? "good" : "grave"}`} role="status">
          <p class="said">{side(answer.said)}</p>
        </div>
      )}
    </section>
  );
}

function Copy() {
  const [problem, setProblem] = useState("");
  const take = async (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    try {
      const answer = await call("import", { bytes: new Uint8Array(await file.arrayBuffer()) });
      say(side(answer.said));
      setProblem("");
    } catch (error) {
      setProblem(problemText(error));
    }
    input.value = "";
  };
  return (
    <section class="sheet close stack" aria-labelledby="copy-title">
      <h2 id="copy-title">{t("web-copy-mine")}</h2>
      <p class="soft">{t("web-copy-help")}</p>
      <div class="row">
        <button type="button" class="button" onClick={saveAll}>
          <Icon mark="download" />
          {t("web-copy-mine")}
        </button>
        <label class="button file">
          {t("web-import")}
          <input class="unseen" type="file" onChange={take} />
        </label>
      </div>
      {problem && <p class="problem">{problem}</p>}
    </section>
  );
}

function Partnerships() {
  const app = seen("app", {});
  if (!app || app.profiles.length < 2) return null;
  return (
    <section class="sheet close stack" aria-labelledby="partnerships-title">
      <h2 id="partnerships-title">{t("web-welcome-here")}</h2>
      <ul class="lines">
        {app.profiles.map((profile) => (
          <li class="row apart" key={profile.id}>
            <span>{side(profile.title)}</span>
            {profile.id !== app.profile && (
              <button type="button" class="button small" onClick={() => attempt(call("open", { profile: profile.id }))}>
                {t("web-open")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
