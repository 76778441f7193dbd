// The mistakes with a model that can be named.

/// A slip in the probabilities, the loss, the sampling or the clipping of a model.
public enum ModelSlip: String, Sendable, Hashable, CaseIterable {
  case maskIgnored, dividedByTargets, dividedBySamples, dividedByEveryPlace, notDivided
  case softmaxTwice, exponentialsOverScores, scoresOverTheirSum, exponentialsAlone, sigmoidOfScores, softmaxOfNegated
  case temperatureMultiplied, temperatureIgnored, alwaysLikeliest, probabilitiesDivided, singleProbability
  case firstWordAgain, stateNotCarried
  case clippedEntries, clippedShort, clippedBlocks
}
