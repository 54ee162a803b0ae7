import { Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createGroupRequest, type GroupJson, updateGroupRequest } from '../../../core/contract/groups.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { pathUnder } from './dragged.ts';
import { groupsUrl, groupUrl } from './groups-api.ts';

interface GroupEditorProps {
  /** The group to change; none: a new one. */
  readonly group?: GroupJson;
  readonly parent: GroupJson;
  readonly onClose: () => void;
  readonly onSaved: (group: GroupJson) => void;
}

/** Makes a group below another, or gives one another name or description. */
export function GroupEditor({ group, parent, onClose, onSaved }: GroupEditorProps) {
  const t = useText('groups');
  const common = useText('common');
  const queries = useQueryClient();
  const [name, setName] = useState(group?.pathNode ?? '');
  const [description, setDescription] = useState(group?.description ?? '');
  const body = group
    ? {
        ...(name === group.pathNode ? {} : { pathNode: name }),
        // An empty text takes the description away; null would leave it.
        ...(description === (group.description ?? '') ? {} : { description }),
      }
    : { pathNode: name, parentId: parent.id, ...(description === '' ? {} : { description }) };
  const problems = problemsOf(group ? updateGroupRequest : createGroupRequest, body, common('needed'));
  const untouched = Object.keys(body).length === 0;
  const save = useMutation({
    mutationFn: () =>
      group ? api.put<GroupJson>(groupUrl(group.id), body) : api.post<GroupJson>(groupsUrl, body),
    onSuccess: async (saved) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['groups'] }),
        queries.invalidateQueries({ queryKey: ['devices'] }),
      ]);
      onSaved(saved);
    },
  });
  const fits = problems.size === 0 && !untouched;
  const path = group ? groupUrl(group.id) : groupsUrl;
  return (
    <SidePanel title={t(group ? 'rename' : 'create')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) save.mutate();
        }}
      >
        <TextInput
          label={t('name')}
          description={name === '' ? t('below', { path: parent.path }) : pathUnder(parent, name)}
          required
          value={name}
          error={name === '' ? undefined : problems.get('pathNode')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={t('description')}
          autosize
          value={description}
          error={problems.get('description')}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {group && name !== group.pathNode && <p className="note">{t('pathsFollow', { path: group.path })}</p>}
        <ActionError error={save.error} />
        <FormButtons
          needs="DEVICE_W"
          submit={common(group ? 'save' : 'create')}
          busy={save.isPending}
          disabled={!fits}
          onCancel={onClose}
        />
        {fits && <AsCurl method={group ? 'PUT' : 'POST'} path={path} body={body} />}
      </form>
    </SidePanel>
  );
}
