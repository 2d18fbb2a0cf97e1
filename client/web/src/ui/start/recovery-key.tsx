// A team's recovery key, shown once: to be printed or kept as a file.

import { signal } from "@preact/signals";
import type { RecoveryKey } from "../../core/contract.ts";
import { CopyButton, saveFile } from "../parts/copy.tsx";
import { Icon } from "../parts/icon.tsx";
import { side, t } from "../words.ts";

/** The key that was made just now and not put away yet. */
export const shownKey = signal<RecoveryKey | null>(null);

export function RecoveryKeySheet({ recovery }: { recovery: RecoveryKey }) {
  const party = side(recovery.party);
  const text = [t("web-recovery-title", { party }), "", recovery.key, "", t("web-recovery-use", { party }), recovery.link].join("\n");
  return (
    <section class="sheet stack recovery" aria-labelledby="recovery-title">
      <h2 id="recovery-title">{t("web-recovery-title", { party })}</h2>
      <p class="soft measure">{t("web-recovery-why", { party })}</p>
      <p class="key" translate={false}>
        {recovery.key.split(/[\s-]+/).map((group, place) => (
          <span key={place}>{group} </span>
        ))}
      </p>
      <p class="soft fine print-only">{t("web-recovery-use", { party })}</p>
      <p class="fine print-only">{recovery.link}</p>
      <div class="row no-print">
        <button type="button" class="button" onClick={() => print()}>
          <Icon mark="print" />
          {t("web-print")}
        </button>
        <button type="button" class="button" onClick={() => saveFile("entente-recovery-key.txt", text, "text/plain")}>
          <Icon mark="download" />
          {t("web-download")}
        </button>
        <CopyButton text={text} label={t("web-copy")} />
      </div>
    </section>
  );
}
