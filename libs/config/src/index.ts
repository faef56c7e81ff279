export { printConfig, renderConfigDocs } from './print-config.js';
export {
  type AnySection,
  CONFIG_FILE_ENV,
  Config,
  ConfigError,
  type ConfigSources,
  readConfig,
} from './read-config.js';
export { type ConfigSection, defineSection, type Field, type Fields, field } from './section.js';
