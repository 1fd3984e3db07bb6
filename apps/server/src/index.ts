export { type RunningServer, startServer, StartFailure } from './start-server';
export { type ServerSettings } from './settings/server-settings';
export { type ApiKey } from './settings/api-keys';
export { settingsFromEnvironment } from './settings/environment';
export { measureServer } from './bench/measure-server';
