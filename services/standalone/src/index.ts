export { ExitCode } from './exit-code.js';
export { createProgram, run } from './program.js';
