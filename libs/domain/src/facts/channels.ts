import { oneOf } from './codec';

/** All channels (`domain.md §4.4`). */
export const channels = [
  'phone',
  'chat',
  'email',
  'sms',
  'messaging',
  'web',
  'mobile_app',
  'self_service_kiosk',
  'social',
  'fax',
  'post',
  'in_person',
  'field_visit',
] as const;
export type Channel = (typeof channels)[number];
export const channel = oneOf(channels);

/** Channels that bring people face to face; all others are remote (`domain.md §4.4`). */
const faceToFace: ReadonlySet<string> = new Set(['in_person', 'field_visit']);
export const isRemote = (name: string): boolean => !faceToFace.has(name);
