import { z } from 'zod';
import { apiKeyJson } from './api-keys.ts';
import { roles } from './roles.ts';

/** Longest text that is looked at as a password; nobody needs more, and hashing it costs time. */
const longestPassword = 128;

/** What a password must have (manual 4.2). */
export const passwordDemands = [
  { name: 'length', pattern: /^.{8,}$/su, what: 'at least 8 characters' },
  { name: 'upper', pattern: /\p{Lu}/u, what: 'an upper-case letter' },
  { name: 'lower', pattern: /\p{Ll}/u, what: 'a lower-case letter' },
  { name: 'digit', pattern: /\p{Nd}/u, what: 'a digit' },
  { name: 'special', pattern: /[^\p{L}\p{N}\s]/u, what: 'a special character' },
] as const;

/** A password that may be set (manual 4.2). The message names what is missing, and never the password. */
export const newPassword = z
  .string()
  .max(longestPassword)
  .superRefine((text, context) => {
    const missing = passwordDemands.filter(({ pattern }) => !pattern.test(text)).map(({ what }) => what);
    if (missing.length > 0) context.addIssue({ code: 'custom', message: `must have ${missing.join(', ')}` });
  });

const password = z.string().max(longestPassword);
/** Facts 13; the pattern is that of the service for users that it keeps itself. */
const login = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{3,254}$/, 'must have 3 to 254 letters, digits, hyphens and underscores');
const email = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address');
const language = z.string().regex(/^[a-z]{2}$/, 'must be a language code of two letters, such as en');

export const userStates = ['enabled', 'disabled', 'suspended'] as const;
export type UserState = (typeof userStates)[number];

const shared = {
  language: language.nullish(),
  roles: z.array(z.enum(roles)).optional().describe('A part of the roles of the key that asks'),
  profile: z
    .enum(['ADMIN', 'USER'])
    .optional()
    .describe('In place of roles: all roles of this profile (manual 4.4)'),
};

/** Body of the call that makes a user. */
export const createUserRequest = z.object({
  login,
  email: email.nullish(),
  ...shared,
  password: newPassword.optional().describe('When not given one is made and shown in the answer, this once'),
});
export type CreateUserRequest = z.output<typeof createUserRequest>;

/** Body of the call that changes a user; what is not given stays. */
export const updateUserRequest = z.object({
  login: login.optional(),
  email: email.nullish().describe('null takes it away'),
  ...shared,
  language: language.nullish().describe('null takes it away'),
  state: z.enum(userStates).optional().describe('Who is not enabled cannot sign in'),
  locked: z.literal(false).optional().describe('false: end a lock after failed sign-ins'),
});
export type UpdateUserRequest = z.output<typeof updateUserRequest>;

export const changePasswordRequest = z.object({
  oldPassword: password.optional().describe('Needed to change one’s own password'),
  newPassword,
});
export type ChangePasswordRequest = z.output<typeof changePasswordRequest>;

/** A user as the API shows it. Times in milliseconds since the epoch. */
export const userJson = z.object({
  id: z.string(),
  tenantId: z.string(),
  login: z.string(),
  email: z.string().optional(),
  language: z.string().optional(),
  roles: z.array(z.enum(roles)),
  admin: z.boolean().describe('Has every role of the admin profile'),
  state: z.enum(userStates),
  locked: z.boolean().describe('Locked out for a while after failed sign-ins'),
  lockedUntil: z.int().optional(),
  lastLogin: z.int().optional(),
  creationTs: z.int(),
  updateTs: z.int(),
  password: z.string().optional().describe('A password that was made; only in the answer that made it'),
});
export type UserJson = z.output<typeof userJson>;

/** Body of `POST /api/v0/auth`: the login or the e-mail address, and the password (facts 13). */
export const authRequest = z
  .object({
    login: z.string().max(254).nullish(),
    email: z.string().max(254).nullish(),
    password,
  })
  .refine((body) => Boolean(body.login) !== Boolean(body.email), 'give either login or email');
export type AuthRequest = z.output<typeof authRequest>;

export const authAnswer = z.object({
  apiKey: apiKeyJson.describe('The key of the session, with its value'),
  admin: z.boolean().describe('The user has every role of the admin profile'),
});
export type AuthAnswer = z.output<typeof authAnswer>;
