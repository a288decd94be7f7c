"""How far a number depends on choices: definitions, exemptions, bunching, moved dates."""
