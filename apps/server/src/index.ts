export { type RunningServer, startServer, StartFailure } from './start-server';
export { type ServerSettings } from './settings/server-settings';
export { type ApiKey } from './settings/api-keys';
export { settingsFromEnvironment } from './settings/environment';
export { type Figure, type MeasureOptions } from './bench/figure';
export { measureClaim } from './bench/measure-claim';
export { measureIntake } from './bench/measure-intake';
export { measureLag } from './bench/measure-lag';
export { measureProfile } from './bench/measure-profile';
