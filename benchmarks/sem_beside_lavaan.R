# Times lavaan on the data and model that sem_beside_lavaan.py wrote: Rscript sem_beside_lavaan.R FOLDER RUNS
suppressMessages({library(lavaan); library(jsonlite)})
arguments <- commandArgs(TRUE)
folder <- arguments[1]; runs <- as.integer(arguments[2])
model <- paste(readLines(file.path(folder, "model.lav")), collapse = "\n")
complete <- read.csv(file.path(folder, "complete.csv"))
missing <- read.csv(file.path(folder, "missing.csv"))
items <- setdiff(names(complete), "group")
timed <- function(work, times = runs) {
  suppressWarnings(work())
  median(sapply(seq_len(times), function(i) suppressWarnings(system.time(work()))[["elapsed"]]))
}
fully <- function(...) {
  fit <- sem(model, ...)
  fitMeasures(fit); parameterEstimates(fit, standardized = TRUE)
  invisible(fit)
}
fit <- sem(model, complete[items])
incomplete <- sem(model, missing[items], missing = "fiml", estimator = "MLR")
ordered <- sem(model, complete[items], ordered = TRUE)
replicates <- 40
some <- 5
ladder <- function() {
  steps <- list("", "loadings", c("loadings", "intercepts"), c("loadings", "intercepts", "residuals"))
  fits <- lapply(steps, function(equal) sem(model, complete, group = "group", group.equal = equal))
  lapply(fits, fitMeasures); do.call(lavTestLRT, fits)
}
few <- min(runs, 3)
out <- list(
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))),
  seconds = list(
    ml_fit = timed(function() sem(model, complete[items]), 3 * runs),
    ml = timed(function() fully(complete[items]), 3 * runs),
    ml_std_se = timed(function() standardizedSolution(fully(complete[items])), 3 * runs),
    bootstrap_replicate = timed(function() bootstrapLavaan(fit, R = replicates, FUN = coef), few) / replicates,
    bootstrap_fiml = timed(function() bootstrapLavaan(incomplete, R = some, FUN = coef), 1) / some,
    bootstrap_wlsmv = timed(function() bootstrapLavaan(ordered, R = some, FUN = coef), 1) / some,
    fiml_mlr = timed(function() fully(missing[items], missing = "fiml", estimator = "MLR"), few),
    wlsmv = timed(function() fully(complete[items], ordered = TRUE), few),
    ladder = timed(ladder, few)
  )
)
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE), file.path(folder, "lavaan.json"))
