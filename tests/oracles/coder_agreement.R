# Cohen's kappa with its large-sample interval by psych, and Krippendorff's nominal alpha from its coincidence matrix.
library(psych)
library(jsonlite)
tables <- list(rbind(c(20, 10), c(5, 15)), rbind(c(18, 2, 0), c(3, 9, 1), c(0, 2, 12)), rbind(c(9, 0), c(1, 0)))
kappas <- lapply(tables, function(table) {
  found <- suppressWarnings(cohen.kappa(table))
  list(table = table, kappa = found$kappa, lower = found$confid[1, 1], upper = found$confid[1, 3])
})
alpha <- function(codes) { # rows are coders, columns units
  values <- sort(unique(na.omit(c(codes))))
  together <- matrix(0, length(values), length(values))
  for (unit in seq_len(ncol(codes))) {
    given <- na.omit(codes[, unit])
    if (length(given) < 2) next
    for (a in seq_along(given)) for (b in seq_along(given)) if (a != b) {
      i <- match(given[a], values); j <- match(given[b], values)
      together[i, j] <- together[i, j] + 1 / (length(given) - 1)
    }
  }
  each <- rowSums(together); n <- sum(each)
  1 - (n - sum(diag(together))) * (n - 1) / (n^2 - sum(each^2))
}
# The worked example of Krippendorff (2011) with four coders, and a set of two coders with missing codes.
example <- rbind(c(1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA), c(1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3),
                 c(NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA), c(1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA))
two <- rbind(c(1, 1, 2, 2, 1, NA, 2, 1, 1, 2), c(1, 2, 2, 2, 1, 1, 2, 1, NA, 1))
write_json(list(versions = list(R = R.version.string, psych = as.character(packageVersion("psych"))), kappas = kappas,
                alphas = list(list(codes = example, alpha = alpha(example)), list(codes = two, alpha = alpha(two)))),
           "tests/oracles/coder_agreement.json", digits = NA, auto_unbox = TRUE, na = "null", pretty = TRUE)
