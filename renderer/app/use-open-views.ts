import { useIdentity } from '../session/identity.ts';
import { isOpenTo, type View, views } from './views.ts';

const none: readonly View[] = [];

/** The views that who is signed in may see; all of them when that cannot be known. */
export function useOpenViews(): readonly View[] {
  const { data, isError } = useIdentity();
  if (!data) return isError ? views : none;
  return views.filter((view) => isOpenTo(view, data.roles));
}
