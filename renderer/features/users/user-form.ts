import { profileRoles, type Role, roles } from '../../../core/contract/roles.ts';
import {
  type CreateUserRequest,
  createUserRequest,
  type UpdateUserRequest,
  type UserJson,
  type UserState,
  updateUserRequest,
} from '../../../core/contract/users.ts';
import { type Problems, problemsOf } from '../../ui/form-problems.ts';

/** A user as the form holds it. */
export interface UserForm {
  readonly login: string;
  readonly email: string;
  readonly language: string;
  readonly roles: readonly Role[];
  readonly state: UserState;
  /** Of a new user; empty: one is made. */
  readonly password: string;
}

export const toUserForm = (user?: UserJson, mine: readonly Role[] = roles): UserForm => ({
  login: user?.login ?? '',
  email: user?.email ?? '',
  language: user?.language ?? '',
  roles: user?.roles ?? profileRoles.USER.filter((role) => mine.includes(role)),
  state: user?.state ?? 'enabled',
  password: '',
});

export const toCreateRequest = (form: UserForm): CreateUserRequest => ({
  login: form.login,
  ...(form.email !== '' && { email: form.email }),
  ...(form.language !== '' && { language: form.language }),
  roles: roles.filter((role) => form.roles.includes(role)),
  ...(form.password !== '' && { password: form.password }),
});

/** What the form changes. Roles that are given anew end the sessions of the user, so they are named only then. */
export function toUpdateRequest(form: UserForm, user: UserJson): UpdateUserRequest {
  const before = toUserForm(user);
  const sameRoles =
    form.roles.length === before.roles.length && form.roles.every((role) => before.roles.includes(role));
  return {
    ...(form.login !== before.login && { login: form.login }),
    ...(form.email !== before.email && { email: form.email }),
    ...(form.language !== before.language && { language: form.language }),
    ...(!sameRoles && { roles: roles.filter((role) => form.roles.includes(role)) }),
    ...(form.state !== before.state && { state: form.state }),
  };
}

/** What the API would not take. */
export const userProblems = (form: UserForm, user: UserJson | undefined, needed: string): Problems =>
  user
    ? problemsOf(updateUserRequest, toUpdateRequest(form, user), needed)
    : problemsOf(createUserRequest, toCreateRequest(form), needed);

/** The profile of the manual (4.4) that has exactly these roles. */
export function profileOf(held: readonly Role[]): 'ADMIN' | 'USER' | 'own' {
  const is = (profile: readonly Role[]): boolean =>
    profile.length === held.length && profile.every((role) => held.includes(role));
  return is(profileRoles.ADMIN) ? 'ADMIN' : is(profileRoles.USER) ? 'USER' : 'own';
}
