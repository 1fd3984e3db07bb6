/** The door of service requests as they are judged; their commands are in `command`. */
export * from './agreed-time';
export * from './clock';
export * from './keep-informed';
export * from './phone-first';
