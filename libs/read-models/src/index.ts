export * from './port';
export { replaceable, type ReplaceableReadModels } from './replaceable';
export { makePresent, presentFile, removeGeneration, removeReadModels } from './sqlite/generations';
export { isDamage, openSqliteReadModels } from './sqlite/open';
export { isDatabaseFile } from './sqlite/whose-file';
