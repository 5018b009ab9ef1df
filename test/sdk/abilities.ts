/** What every library has to be able to do, each the beginning of a test's title; and the libraries that are held to it. */
export const abilities = {
  text: 'it is given whole',
  stream: 'its pieces are the text, however bytes were cut',
  tools: 'the call, its result, the answer',
  'parallel tools': 'both calls, both results',
  'structured output': 'a value of the schema',
  images: 'the model is shown them',
  'bad request': 'what is wrong is told',
  'wrong key': 'it is no other failure',
  'rate limit': 'it may be tried again',
  overflow: 'too long a prompt is told as such',
  'broken stream': 'it is never taken for an answer',
  abort: 'the service is left and the account free',
} as const

/** `name`: the packages as they are published, each with its generation. `installedAs`: how package.json calls them. */
export const libraries = {
  openaiChat: { name: 'openai 6', api: 'Chat Completions', installedAs: ['openai'] },
  openaiResponses: { name: 'openai 6', api: 'Responses', installedAs: ['openai'] },
  anthropic1: { name: '@anthropic-ai/sdk 1', api: 'Messages', installedAs: ['@anthropic-ai/sdk'] },
  anthropic0: { name: '@anthropic-ai/sdk 0', api: 'Messages', installedAs: ['anthropic-sdk-0'] },
  ai7Responses: { name: 'ai 7, @ai-sdk/openai 4', api: 'Responses', installedAs: ['ai', '@ai-sdk/openai'] },
  ai7Chat: { name: 'ai 7, @ai-sdk/openai 4', api: 'Chat Completions', installedAs: ['ai', '@ai-sdk/openai'] },
  ai7Compatible: {
    name: 'ai 7, @ai-sdk/openai-compatible 3',
    api: 'Chat Completions',
    installedAs: ['ai', '@ai-sdk/openai-compatible'],
  },
  ai7Anthropic: {
    name: 'ai 7, @ai-sdk/anthropic 4',
    api: 'Messages',
    installedAs: ['ai', '@ai-sdk/anthropic'],
  },
  ai6Responses: {
    name: 'ai 6, @ai-sdk/openai 3',
    api: 'Responses',
    installedAs: ['ai-6', 'ai-sdk-openai-3'],
  },
  ai6Chat: {
    name: 'ai 6, @ai-sdk/openai 3',
    api: 'Chat Completions',
    installedAs: ['ai-6', 'ai-sdk-openai-3'],
  },
  ai6Anthropic: {
    name: 'ai 6, @ai-sdk/anthropic 3',
    api: 'Messages',
    installedAs: ['ai-6', 'ai-sdk-anthropic-3'],
  },
  langchainChat: { name: '@langchain/openai 1', api: 'Chat Completions', installedAs: ['@langchain/openai'] },
  langchainResponses: { name: '@langchain/openai 1', api: 'Responses', installedAs: ['@langchain/openai'] },
  langchainAnthropic: {
    name: '@langchain/anthropic 1',
    api: 'Messages',
    installedAs: ['@langchain/anthropic'],
  },
} as const
