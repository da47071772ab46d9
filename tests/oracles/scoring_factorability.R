# Factorability, dimensionality and multivariate normality by psych.
# Run from this folder: Rscript scoring_factorability.R
suppressMessages({library(psych); library(jsonlite)})
options(digits = 15, warn = 1)
# The answers are those of scoring_measurement.json (made by scoring_measurement.R).
source_of <- fromJSON("scoring_measurement.json", simplifyVector = FALSE)$cases
frame <- function(case) {
  m <- t(sapply(case$data$rows, function(row) sapply(row, function(x) if (is.null(x)) NA_real_ else as.numeric(x))))
  colnames(m) <- unlist(case$data$columns); as.data.frame(m)
}
checks <- function(d) {
  cc <- d[complete.cases(d), ]; R <- cor(cc); n <- nrow(cc); p <- ncol(cc)
  k <- KMO(R); b <- cortest.bartlett(R, n = n); m <- mardia(cc, plot = FALSE)
  one <- suppressWarnings(fa(R, 1, n.obs = n, fm = "minres", min.err = 1e-12))
  set.seed(1); sim <- replicate(500, eigen(cor(matrix(rnorm(n * p), ncol = p)))$values)
  values <- eigen(R)$values; limits <- apply(sim, 1, quantile, .95)
  list(n = n, kmo = k$MSA, kmo_items = unname(k$MSAi), bartlett_chisq = b$chisq, bartlett_df = b$df, bartlett_p = b$p.value,
       eigenvalues = values, parallel_means = rowMeans(sim), parallel_limits = limits, components = sum(cumprod(values > limits)),
       skewness = m$b1p, skewness_chisq = m$skew, skewness_p = m$p.skew, kurtosis = m$b2p, kurtosis_z = m$kurtosis,
       component_share = values[1] / p, factor_share = sum(one$loadings^2) / p)
}
versions <- list(R = R.version.string, psych = as.character(packageVersion("psych")))
out <- list(versions = versions, cases = lapply(source_of, function(case) checks(frame(case))))
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "scoring_factorability.json")
