import {
  type ActionPolicy,
  type ActionPolicyInput,
  actionPolicyInput,
  type PolicyTriggers,
} from '../../../core/contract/routing.ts';

/** A policy as the form holds it: lists of texts. */
export interface PolicyForm {
  readonly name: string;
  readonly enabled: boolean;
  readonly connectors: readonly string[];
  readonly deviceIds: readonly string[];
  /** `/site`, or `/site/*` with what is below. */
  readonly groups: readonly string[];
  /** `lab`, or `lab+indoor` for both at once. */
  readonly tags: readonly string[];
  readonly fifos: readonly string[];
  readonly noRetention: boolean;
  /** A trigger that the form has no fields for; it stays as it is. Undefined: data messages. */
  readonly otherTrigger: PolicyTriggers | undefined;
}

export const emptyPolicy: PolicyForm = {
  name: '',
  enabled: true,
  connectors: [],
  deviceIds: [],
  groups: [],
  tags: [],
  fifos: [],
  noRetention: false,
  otherTrigger: undefined,
};

export function toForm({ name, enabled, triggers, actions }: ActionPolicy): PolicyForm {
  const { connectors = [], deviceIds = [], groupPaths = [], tags = [] } = triggers.dataMessage?.filter ?? {};
  return {
    name,
    enabled,
    connectors,
    deviceIds,
    groups: groupPaths.map(({ path, includeSubPath }) => (includeSubPath ? below(path) : path)),
    tags: tags.map((all) => all.join('+')),
    fifos: actions.fifoPublish.map(({ fifoName }) => fifoName),
    noRetention: actions.fifoPublish.every(({ noRetention }) => noRetention),
    otherTrigger: triggers.dataMessage ? undefined : triggers,
  };
}

const below = (path: string): string => (path === '/' ? '/*' : `${path}/*`);

/** The policy of a form; without the parts that were left open, which then let everything through. */
export function toInput(form: PolicyForm): unknown {
  const filter = {
    ...(form.connectors.length === 0 ? {} : { connectors: form.connectors }),
    ...(form.deviceIds.length === 0 ? {} : { deviceIds: form.deviceIds }),
    ...(form.groups.length === 0
      ? {}
      : {
          groupPaths: form.groups.map((text) => {
            const includeSubPath = text.endsWith('/*');
            return { path: (includeSubPath ? text.slice(0, -2) : text) || '/', includeSubPath };
          }),
        }),
    ...(form.tags.length === 0
      ? {}
      : { tags: form.tags.map((text) => text.split('+').map((tag) => tag.trim())) }),
  };
  return {
    name: form.name,
    enabled: form.enabled,
    triggers: form.otherTrigger ?? { dataMessage: { version: 1, filter } },
    actions: {
      fifoPublish: form.fifos.map((fifoName) => ({ fifoName, noRetention: form.noRetention })),
    },
  };
}

/** The checked policy, or what does not fit and where. */
export function checkPolicy(
  form: PolicyForm,
): { readonly policy: ActionPolicyInput } | { readonly problem: string } {
  const checked = actionPolicyInput.safeParse(toInput(form));
  if (checked.success) return { policy: checked.data };
  return {
    problem: checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  };
}
