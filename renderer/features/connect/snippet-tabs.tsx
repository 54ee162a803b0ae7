import { Tabs } from '@mantine/core';
import { CodeBlock } from '../../ui/code-block.tsx';
import type { Snippet } from './snippets.ts';

/** The same in several tools, of which one is looked at. */
export function SnippetTabs({ all }: { all: readonly Snippet[] }) {
  return (
    <Tabs defaultValue={all[0]?.name ?? ''} keepMounted={false}>
      <Tabs.List>
        {all.map(({ name }) => (
          <Tabs.Tab key={name} value={name}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {all.map(({ name, text, note }) => (
        <Tabs.Panel key={name} value={name} pt="xs">
          <CodeBlock text={text} what={name} wrap />
          {note && <p className="dimmed snippet-note">{note}</p>}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
