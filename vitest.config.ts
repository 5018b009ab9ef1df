import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,console,simulator,bench,test,tools}/**/*.test.ts'],
    globalSetup: ['test/run-folder.ts'],
    // The suites share no module state (no singletons), so one process per worker is safe and 5x faster.
    isolate: false,
    // Much of it waits: for sockets, a browser, time-outs of the system. Two at once, even where there are two processors.
    maxWorkers: 2,
    restoreMocks: true,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
