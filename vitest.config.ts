/** Tests run on the sources; the command-line tests need dist, which is built first when it is older than src. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], globalSetup: ['test/build-dist.ts'], testTimeout: 20_000 },
})
