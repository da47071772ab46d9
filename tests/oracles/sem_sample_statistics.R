# Sample statistics of incomplete and of ordered data, as lavaan has them.
# Run from this folder: Rscript sem_sample_statistics.R
suppressMessages({library(lavaan); library(psych); library(jsonlite)})
versions <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
                 psych = as.character(packageVersion("psych")))
mat <- function(m) unname(as.matrix(m))
quiet <- function(x) suppressWarnings(x)

## 1. Holzinger and Swineford with holes that depend on observed values (missing at random)
hs <- HolzingerSwineford1939[, c("school", "ageyr", paste0("x", 1:6))]
hs$x5 <- ifelse(hs$x1 <= quantile(hs$x1, .3), NA, hs$x5)
hs$x6 <- ifelse(hs$ageyr <= 12 & hs$x2 < 6, NA, hs$x6)
hs[7, paste0("x", 1:6)] <- NA
X <- hs[, paste0("x", 1:6)]
model <- "f =~ x1 + x2 + x3\n g =~ x4 + x5 + x6"
fit <- quiet(cfa(model, X, missing = "fiml", h1.information = "unstructured"))
h1 <- lavInspect(fit, "h1")
missing <- list(data = mat(X), nobs = lavInspect(fit, "nobs"), npatterns = nrow(lavInspect(fit, "patterns")),
  coverage = mat(lavInspect(fit, "coverage")), mean = unname(h1$mean), cov = mat(h1$cov),
  logl_h1 = unname(fitMeasures(fit, "unrestricted.logl")),
  observed = mat(lavInspect(fit, "h1.information.observed")),
  expected = mat(lavInspect(fit, "h1.information.expected")),
  first_order = mat(lavInspect(fit, "h1.information.first.order")))

## 2. Gamma of complete data
Y <- HolzingerSwineford1939[, c("x1", "x2", "x4", "ageyr")]
cl <- HolzingerSwineford1939$agemo
fitx <- cfa("f =~ x1 + x2 + x4\n f ~ ageyr", HolzingerSwineford1939, estimator = "MLM", meanstructure = TRUE)
gamma <- list(data = mat(Y), cluster = cl,
  adf_means = mat(lavaan:::lavGamma(Y, meanstructure = TRUE)[[1]]), adf = mat(lavaan:::lavGamma(Y)[[1]]),
  normal_means = mat(lavaan:::lavGamma(Y, meanstructure = TRUE, ADF = FALSE)[[1]]),
  fixed_means = mat(lavInspect(fitx, "gamma")), fixed_order = lavNames(fitx, "ov"),
  clustered_means = mat(lavaan:::lav_samplestats_Gamma(Y = as.matrix(Y), cluster.idx = cl, meanstructure = TRUE)))

## 3. ordered items
ordinal <- function(d, vars, ordered, missing) {
  chain <- paste(vars[-length(vars)], "~~", vars[-1], collapse = "\n")
  fit <- quiet(cfa(chain, d[, vars], ordered = ordered, missing = missing, estimator = "WLSMV"))
  s <- lavInspect(fit, "sampstat")
  list(variables = vars, ordered = ordered, missing = missing, nobs = lavInspect(fit, "nobs"), cov = mat(s$cov),
       mean = if (is.null(s$mean)) NULL else unname(s$mean), th = unname(s$th), wls_obs = unname(lavInspect(fit, "wls.obs")),
       gamma = mat(lavInspect(fit, "gamma")), empty_tables = length(lavInspect(fit, "zero.cell.tables")))
}
b <- bfi[301:900, c("N1", "N2", "N3", "N4", "A1", "gender", "age")]
b$N34 <- ifelse(b$N3 > 5, 5, b$N3)   # five categories beside the six of the others
v6 <- c("N1", "N2", "N34", "N4", "A1")
mixed <- c("N1", "age", "N2", "gender", "A1")
b$A1x <- b$A1 + b$age / 100
two_continuous <- c("N1", "age", "N2", "A1x", "gender")
cases <- list(
  listwise = ordinal(b, v6, v6, "listwise"), pairwise = ordinal(b, v6, v6, "pairwise"),
  mixed_listwise = ordinal(b, mixed, c("N1", "N2", "gender"), "listwise"),
  mixed_pairwise = ordinal(b, two_continuous, c("N1", "N2", "gender"), "pairwise"))
# 2 x 2 tables, one of them with an empty cell
set.seed(5)
z <- data.frame(p = rep(c(0, 1), c(40, 60)), q = c(rep(0, 40), rep(1, 45), rep(0, 15)),
                r = rep(c(0, 1, 1, 0, 1), 20), s = rep(c(0, 1, 2, 1), 25))
cases$empty_cell <- ordinal(z, c("p", "q", "r", "s"), c("p", "q", "r", "s"), "listwise")

out <- list(versions = versions, missing = missing, gamma = gamma,
  bfi = list(columns = names(b), rows = mat(b)), two_by_two = list(columns = names(z), rows = mat(z)), ordinal = cases)
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "sem_sample_statistics.json")
