import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,console,simulator,bench,test,tools}/**/*.test.ts'],
    // The suites share no module state (no singletons), so one process per worker is safe and 5x faster.
    isolate: false,
    restoreMocks: true,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
