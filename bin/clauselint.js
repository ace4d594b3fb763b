#!/usr/bin/env node
// Starts the compiled command line; everything else is in src/cli.
import module from 'node:module'

module.enableCompileCache?.() // Node 22.1 and later: the second start is faster
try {
  const { main } = await import('../dist/cli/index.js')
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist')) throw error
  console.error('clauselint: 尚未编译，请先运行 npm run build。 / not built yet: run npm run build.')
  process.exitCode = 2
}
