/** The rule set: loading and its types. The pattern language is in pattern.ts, its matching in src/check. */
export { builtinRules, loadRules } from './load.js'
export type * from './types.js'
