export { DEMO_SEED, openDemo } from './demo';
export { demoConfiguration, demoConfigurationActivated } from './demo-configuration';
export { simulateTouchpoints, type SimulationOptions } from './simulate';
