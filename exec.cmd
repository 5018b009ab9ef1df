@rem The npm scripts begin with `exec`, so that signals reach the launcher and not a shell in between; cmd has no such word.
@%*
