/** Channels on which customers serve themselves (`domain.md §4.4`); people answer on all others. */
const selfService: ReadonlySet<string> = new Set(['web', 'mobile_app', 'self_service_kiosk']);
export const isSelfService = (channel: string): boolean => selfService.has(channel);

/** Channels to which customers are moved when they go online (*migrar clientes a canales on-line*). */
const online: ReadonlySet<string> = new Set(['chat', 'email', 'messaging', 'web', 'mobile_app', 'social']);
export const isOnline = (channel: string): boolean => online.has(channel);
