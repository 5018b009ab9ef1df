import type { FastifyRequest } from 'fastify'

/** Many programs name a content type although they send nothing. */
export async function takeNoBody({ headers }: FastifyRequest): Promise<void> {
  if ((headers['content-length'] ?? '0') === '0') delete headers['content-type']
}
