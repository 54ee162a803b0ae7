import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';

interface Keyed {
  readonly key: number;
}

interface PartListProps<Part extends Keyed> {
  readonly parts: readonly Part[];
  readonly onChange: (parts: readonly Part[]) => void;
  /** What a part is called, by its place from 1. */
  readonly nameOf: (part: Part, place: number) => string;
  /** What the buttons of a part do; its place is added. */
  readonly words: { readonly up: string; readonly down: string; readonly remove: string };
  readonly children: (part: Part, place: number, change: (changed: Part) => void) => ReactNode;
  /** Below the list: what adds to it. */
  readonly add: (add: (part: Part) => void) => ReactNode;
}

/** Parts of a form in an order that counts: each can be moved and removed. */
export function PartList<Part extends Keyed>({
  parts,
  onChange,
  nameOf,
  words,
  children,
  add,
}: PartListProps<Part>) {
  const list = useRef<HTMLOListElement>(null);
  /** What is moved, made, or next to what was removed, has the focus: the button may be gone. */
  const focus = (index: number): void => {
    requestAnimationFrame(() => {
      const items = list.current?.querySelectorAll<HTMLElement>(':scope > li > fieldset');
      items?.[Math.min(index, items.length - 1)]?.focus();
    });
  };
  const move = (from: number, to: number): void => {
    const next = [...parts];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
    focus(to);
  };
  const button = (label: string, icon: ReactNode, place: number, disabled: boolean, act: () => void) => (
    <ActionIcon aria-label={`${label} ${place}`} disabled={disabled} onClick={act}>
      {icon}
    </ActionIcon>
  );
  return (
    <>
      <ol className="plain part-list" ref={list}>
        {parts.map((part, index) => {
          const place = index + 1;
          const name = nameOf(part, place);
          return (
            <li key={part.key}>
              <fieldset className="part" aria-label={name} tabIndex={-1}>
                <div className="part-title">
                  <h3>{name}</h3>
                  <span className="spring" />
                  {button(words.up, <IconArrowUp size={14} />, place, index === 0, () =>
                    move(index, index - 1),
                  )}
                  {button(words.down, <IconArrowDown size={14} />, place, place === parts.length, () =>
                    move(index, index + 1),
                  )}
                  {button(words.remove, <IconX size={14} />, place, false, () => {
                    onChange(parts.filter((each) => each !== part));
                    focus(index);
                  })}
                </div>
                {children(part, place, (changed) =>
                  onChange(parts.map((each) => (each === part ? changed : each))),
                )}
              </fieldset>
            </li>
          );
        })}
      </ol>
      {add((part) => {
        onChange([...parts, part]);
        focus(parts.length);
      })}
    </>
  );
}
