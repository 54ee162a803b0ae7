import { platformOrigin } from '../api/client.ts';

/** Where the live socket of the platform is. */
export const liveUrl = (): string => `${platformOrigin().replace(/^http/, 'ws')}/live`;
