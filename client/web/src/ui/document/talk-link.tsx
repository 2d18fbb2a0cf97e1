// The way from a place to the talk about it.

import type { Path, SectionId } from "../../core/contract.ts";
import { Icon } from "../parts/icon.tsx";
import { href } from "../router.ts";
import { t } from "../words.ts";
import { useDoc } from "./context.ts";

export function TalkLink({ section, path, name }: { section: SectionId; path: Path; name: string }) {
  const doc = useDoc();
  if (!doc.hasTalk.value || section === "talk") return null;
  const label = t("web-talk-about", { place: name });
  return (
    <a
      class="button plain small square talk-link no-print"
      href={href({ at: "document", name: doc.id, part: "talk", focus: `${section}:${path.join("/")}` })}
      aria-label={label}
      title={label}
    >
      <Icon mark="talk" />
    </a>
  );
}
