import { type AckMode, policyBounds } from '../../../core/contract/commands.ts';
import type { NewCommand } from './commands-api.ts';

export const policyNumbers = ['ackTimeoutInSeconds', 'expirationInSeconds', 'attempts'] as const;
export type PolicyNumber = (typeof policyNumbers)[number];

/** The policy of a command as its form holds it: numbers as they are typed; what is empty is left to the platform. */
export interface PolicyDraft {
  readonly ackMode?: AckMode | undefined;
  readonly numbers: Readonly<Partial<Record<PolicyNumber, string>>>;
}

/** `range`: no whole number within the bounds; `notWithNone`: nothing is acknowledged, so nothing can come too late. */
export type PolicyProblem = 'range' | 'notWithNone';

export interface CheckedPolicy {
  /** Undefined when all is left to the platform. */
  readonly policy: NewCommand['policy'];
  readonly problems: Readonly<Partial<Record<PolicyNumber, PolicyProblem>>>;
}

/** The policy that is written, and what of it does not fit. */
export function checkPolicy({ ackMode, numbers }: PolicyDraft): CheckedPolicy {
  const given = policyNumbers.flatMap((name) => {
    const text = numbers[name]?.trim() ?? '';
    return text === '' ? [] : [{ name, value: /^\d+$/.test(text) ? Number(text) : Number.NaN }];
  });
  const problems = given.flatMap(({ name, value }): [PolicyNumber, PolicyProblem][] => {
    const { min, max } = policyBounds[name];
    if (!(value >= min && value <= max)) return [[name, 'range']];
    return name === 'ackTimeoutInSeconds' && ackMode === 'NONE' ? [[name, 'notWithNone']] : [];
  });
  const policy = {
    ...(ackMode && { ackMode }),
    ...Object.fromEntries(given.map((each) => [each.name, each.value])),
  };
  return {
    policy: Object.keys(policy).length === 0 ? undefined : policy,
    problems: Object.fromEntries(problems),
  };
}
