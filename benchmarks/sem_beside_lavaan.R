# Times lavaan on the data and model that sem_beside_lavaan.py wrote: Rscript sem_beside_lavaan.R FOLDER RUNS
suppressMessages({library(lavaan); library(jsonlite)})
arguments <- commandArgs(TRUE)
folder <- arguments[1]; runs <- as.integer(arguments[2])
model <- paste(readLines(file.path(folder, "model.lav")), collapse = "\n")
complete <- read.csv(file.path(folder, "complete.csv"))
missing <- read.csv(file.path(folder, "missing.csv"))
items <- setdiff(names(complete), "group")
timed <- function(expression, times = runs) {
  e <- substitute(expression); parent <- parent.frame()
  median(sapply(seq_len(times), function(i) system.time(suppressWarnings(eval(e, parent)))[["elapsed"]]))
}
fit <- sem(model, complete[items])
replicates <- 40
ladder <- function() {
  steps <- list("", "loadings", c("loadings", "intercepts"), c("loadings", "intercepts", "residuals"))
  fits <- lapply(steps, function(equal) sem(model, complete, group = "group", group.equal = equal))
  lapply(fits, fitMeasures); do.call(lavTestLRT, fits)
}
out <- list(
  versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))),
  seconds = list(
    ml = timed({f <- sem(model, complete[items]); fitMeasures(f)}),
    bootstrap_replicate = timed(bootstrapLavaan(fit, R = replicates, FUN = coef), 1) / replicates,
    fiml_mlr = timed({f <- sem(model, missing[items], missing = "fiml", estimator = "MLR"); fitMeasures(f)}, min(runs, 3)),
    wlsmv = timed({f <- sem(model, complete[items], ordered = TRUE); fitMeasures(f)}, min(runs, 3)),
    ladder = timed(ladder(), min(runs, 3))
  )
)
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE), file.path(folder, "lavaan.json"))
