export { type ConfigSection, defineSection, type Field, type Fields, field } from './section.js';
