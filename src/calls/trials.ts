/** Stands where the id of a key would, in what an operator tries out; no key has this id. */
export const TRIALS = 'operator'
