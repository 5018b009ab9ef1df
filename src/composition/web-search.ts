/** Who searches the web for models. */
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { createBackendSource } from '../web-search/backend-source.ts'
import { createUpstreamSource } from '../web-search/upstream-source.ts'
import { createWebSearch, type WebSearch } from '../web-search/web-search.ts'

type UpstreamParts = Parameters<typeof createUpstreamSource>[0]
type BackendParts = Pick<Parameters<typeof createBackendSource>[0], 'dispatcherFor' | 'version'>

/** The model service first, as it sees the conversation anyway; the backend of the operator where it has no search. */
export function openWebSearch(
  { webSearch }: Config,
  { logger, ...parts }: UpstreamParts & BackendParts & { logger: Logger },
): WebSearch {
  const sources =
    webSearch.kind === 'off'
      ? []
      : [
          createUpstreamSource(parts),
          ...(webSearch.kind === 'backend' ? [createBackendSource({ ...parts, ...webSearch })] : []),
        ]
  return createWebSearch({
    sources,
    clock: parts.clock,
    report: ({ source, error }) => logger.warn({ source, err: error }, 'a search of the web has failed'),
  })
}
