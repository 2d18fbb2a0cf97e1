// A control with its name, its help and what is wrong with it.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";

type Frame = { label: string; help?: string; problem?: string };

type InputProps = Frame & {
  value: string;
  type?: "text" | "url";
  placeholder?: string;
  required?: boolean;
  maxLength?: number;
  autocomplete?: "name" | "off";
  onText: (text: string) => void;
};

export function TextField({ label, help, problem, onText, type, ...input }: InputProps) {
  const id = useId();
  const described = [help && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        type={(type ?? "text") as "text"}
        id={id}
        class="input"
        aria-invalid={problem ? "true" : undefined}
        aria-describedby={described || undefined}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <Below id={id} help={help} problem={problem} />
    </div>
  );
}

type AreaProps = Frame & { value: string; rows?: number; lang?: string; required?: boolean; onText: (text: string) => void };

export function AreaField({ label, help, problem, value, rows, lang, required, onText }: AreaProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="input"
        rows={rows ?? 3}
        lang={lang}
        value={value}
        required={required}
        aria-invalid={problem ? "true" : undefined}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <Below id={id} help={help} problem={problem} />
    </div>
  );
}

type SelectProps = Frame & {
  value: string;
  options: { value: string; label: string }[];
  onPick: (value: string) => void;
};

export function SelectField({ label, help, problem, value, options, onPick }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} class="input" value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Below id={id} help={help} problem={problem} />
    </div>
  );
}

type OptionProps = {
  legend: string;
  hidden?: boolean;
  name: string;
  value: string | undefined;
  options: { value: string; label: string; help?: string }[];
  /** May tell that the choice was not taken. */
  onPick: (value: string) => unknown;
};

/** One of a few: radio buttons as cards. What is picked shows at once, before it is written. */
export function Options({ legend, hidden, name, value, options, onPick }: OptionProps) {
  const [picked, setPicked] = useState<string>();
  useEffect(() => setPicked(undefined), [value]);
  const pick = async (wanted: string) => {
    setPicked(wanted);
    if ((await onPick(wanted)) === false) setPicked(undefined);
  };
  return (
    <fieldset class="options">
      <legend class={hidden ? "unseen" : "label"}>{legend}</legend>
      {options.map((option) => (
        <label class="option" key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === (picked ?? value)}
            onChange={() => pick(option.value)}
          />
          <span>
            <b>{option.label}</b>
            {option.help && <small>{option.help}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Below({ id, help, problem }: { id: string; help?: ComponentChildren; problem?: ComponentChildren }) {
  return (
    <>
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </>
  );
}
