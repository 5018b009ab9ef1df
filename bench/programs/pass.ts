/** The least that a gateway on Node can do: pipes requests and ready-made answers. UPSTREAM is where to. */
import { Agent, createServer, request as send } from 'node:http'
import { serve } from './serve.ts'

const upstream = process.env['UPSTREAM'] ?? ''
const agent = new Agent({ keepAlive: true })

serve(
  createServer((request, response) => {
    if (request.method === 'GET') {
      response.end('{"status":"ok"}')
      return
    }
    const { host: _, connection: __, ...headers } = request.headers
    const onward = send(`${upstream}${request.url}`, { method: 'POST', agent, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' })
      answer.pipe(response)
    })
    onward.on('error', (error) => response.destroy(error))
    response.on('close', () => {
      if (!response.writableFinished) onward.destroy()
    })
    request.pipe(onward)
  }),
)
