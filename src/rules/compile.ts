/** Build step: checks all built-in rule files and compiles them. Fails with the file and line of the first mistake. */
import { writeCompiled } from './compiled.js'
import { loadRules } from './load.js'

writeCompiled(loadRules({ compiled: false }))
