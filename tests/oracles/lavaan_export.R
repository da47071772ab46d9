# Fits a list of cases with lavaan and writes what the tests compare with. Run from this folder: Rscript <case>.R
# Every model is fitted again from its own solution (unless it fixes exogenous variables: start = frees them), at
# tighter stops (the default stop leaves up to
# 1e-4 in constrained fits), and the lowest converged run is kept.
suppressMessages({library(lavaan); library(jsonlite)})
options(digits = 15, warn = -1)
TRIES <- lapply(c(1e-10, 1e-12, 1e-13), function(tol) list(rel.tol = tol, iter.max = 400L, eval.max = 800L))
rows <- function(d) { d <- as.data.frame(d); rownames(d) <- NULL; names(d) <- gsub(".", "_", names(d), fixed = TRUE); d }
keep <- function(d, columns) rows(d)[, columns]
save_data <- function(name, d) write.csv(d, file.path("data", paste0(name, ".csv")), row.names = FALSE)
one <- function(id, data_name, model, data = NULL, options = list(), extra = NULL, fun = "sem", statistics = NULL) {
  args <- c(list(model = model), options)
  if (is.null(statistics)) args$data <- data else args <- c(args, statistics[c("sample.cov", "sample.mean", "sample.nobs")])
  fit <- NULL # the lowest of several runs, each but the first from the best so far
  for (control in if (grepl("==", model, fixed = TRUE)) TRIES[1] else TRIES) { # tighter stops may leave == violated
    again <- do.call(fun, c(args, list(control = control), if (is.null(fit) || any(parTable(fit)$exo == 1)) NULL else list(start = fit)))
    if (lavInspect(again, "converged") && (is.null(fit) || again@optim$fx < fit@optim$fx)) fit <- again
  }
  if (!is.null(fit) && isTRUE(options$estimator %in% c("GLS", "ULS")) && is.null(options$ordered) && !any(parTable(fit)$exo == 1)) { # they have further minima
    likely <- args; likely$estimator <- "ML"
    again <- do.call(fun, c(args, list(control = TRIES[[1]], start = do.call(fun, likely))))
    if (lavInspect(again, "converged") && again@optim$fx < fit@optim$fx - 1e-9) fit <- again
  }
  if (is.null(fit)) { cat(id, "does not converge in lavaan: left out\n"); return(NULL) }
  fm <- fitMeasures(fit)
  names(options) <- gsub(".", "_", names(options), fixed = TRUE)
  out <- list(id = id, data = data_name, model = model, options = options, converged = lavInspect(fit, "converged"),
    proper = lavInspect(fit, "post.check"), meanstructure = lavInspect(fit, "options")$meanstructure,
    nobs = as.list(lavInspect(fit, "nobs")),
    parameters = keep(parameterEstimates(fit, standardized = TRUE, remove.nonfree = FALSE), c("lhs", "op", "rhs", "est", "se", "pvalue", "std_lv")),
    standardized = keep(standardizedSolution(fit), c("op", "est_std", "se")), fit = setNames(as.list(fm), gsub(".", "_", names(fm), fixed = TRUE)),
    r2 = tryCatch(lapply(if (lavInspect(fit, "ngroups") > 1) lavInspect(fit, "r2") else list(all = lavInspect(fit, "r2")), as.list), error = function(e) NULL))
  if (!is.null(statistics)) out$statistics <- list(names = rownames(statistics$sample.cov), covariance = unname(as.matrix(statistics$sample.cov)),
    mean = if (is.null(statistics$sample.mean)) NULL else unname(statistics$sample.mean), n = statistics$sample.nobs)
  if (!is.null(extra)) out <- c(out, extra(fit))
  cat(id, "\n")
  out
}
write_oracle <- function(cases, path, ...) {
  versions <- list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")))
  cases <- Filter(Negate(is.null), cases)
  writeLines(toJSON(c(list(versions = versions), list(...), list(cases = cases)), digits = I(11), auto_unbox = TRUE, na = "null", null = "null", pretty = FALSE, force = TRUE), path)
}
