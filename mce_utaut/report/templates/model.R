# @TITLE@
#
# Estimates the main model of this study anew with lavaan and compares every number with those of study.json:
#
#   Rscript model.R          (needs R 4.0 or newer and install.packages("lavaan"))
#
# From the covariances below it re-estimates the column of maximum likelihood on complete answers, where 100 or
# more are complete. The main analysis needs the answers themselves: where items.csv stands beside this file (fit --release-data writes
# it), that analysis is repeated too. The script stops with an error where a number differs.

if (!requireNamespace("lavaan", quietly = TRUE)) stop("Install lavaan first: install.packages(\"lavaan\")")
suppressPackageStartupMessages(library(lavaan))

# How far two programs may differ that stop at slightly different points: relative to the number, absolute below 1.
# lavaan stops within some 1e-5 of the optimum.
TOLERANCE <- c(estimate = 5e-5, standard_error = 1e-4, index = 1e-5)

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
folder <- if (length(script)) dirname(script[1]) else "."
released <- file.path(folder, "items.csv")
items <- if (file.exists(released)) read.csv(released, check.names = FALSE) else NULL

compared <- 0
different <- character()

# lavaan may write a covariance with its two sides the other way round, and a defined parameter with its formula.
key <- function(lhs, op, rhs) {
  turned <- op == "~~" & lhs > rhs
  paste(ifelse(turned, rhs, lhs), op, ifelse(op == ":=", "", ifelse(turned, lhs, rhs)))
}

compare <- function(title, what, ours, lavaan, tolerance) {
  wanted <- !is.na(ours)
  off <- wanted & (is.na(lavaan) | abs(ours - lavaan) > tolerance * pmax(1, abs(ours)))
  compared <<- compared + sum(wanted)
  if (any(off)) different <<- c(different, paste0(title, ": ", what[off]))
}

check <- function(title, model, how, ours, indices, items_of = NULL) {
  if (!is.null(items_of)) {
    if (is.null(items)) {
      cat("\n", title, "\n  not repeated: items.csv is not here\n", sep = "")
      return(invisible())
    }
    how$data <- items[items$role == items_of, ]
  }
  if ("em.h1.tol" %in% names(lavOptions())) how$em.h1.tol <- 1e-9
  fit <- do.call("sem", c(list(model = model), how))
  theirs <- parameterEstimates(fit)
  standard <- standardizedSolution(fit)
  rows <- key(ours$lhs, ours$op, ours$rhs)
  at <- match(rows, key(theirs$lhs, theirs$op, theirs$rhs))
  standardised <- standard$est.std[match(rows, key(standard$lhs, standard$op, standard$rhs))]
  found <- fitMeasures(fit)[names(indices)]
  cat("\n", title, ", n = ", nobs(fit), "\n", sep = "")
  table <- data.frame(ours = ours$est, lavaan = theirs$est[at], se = ours$se, lavaan_se = theirs$se[at],
                      std = ours$std, lavaan_std = standardised, row.names = rows)
  print(round(table, 6))
  print(round(cbind(ours = indices, lavaan = as.numeric(found)), 6))
  compare(title, rows, ours$est, theirs$est[at], TOLERANCE["estimate"])
  compare(title, paste(rows, "(standard error)"), ours$se, theirs$se[at], TOLERANCE["standard_error"])
  compare(title, paste(rows, "(standardised)"), ours$std, standardised, TOLERANCE["estimate"])
  compare(title, names(indices), indices, as.numeric(found), TOLERANCE["index"])
}

@CHECKS@

cat("\n")
if (length(different)) {
  stop(length(different), " of ", compared, " numbers differ:\n  ", paste(different, collapse = "\n  "))
}
if (compared == 0) {
  cat("Nothing was compared: this file holds no model of complete answers (too few of them, or none was fitted),",
      "and items.csv, which the main analysis needs, is not here. fit --release-data writes it.\n", sep = "\n")
} else {
  cat(compared, "numbers compared; all agree with lavaan", as.character(packageVersion("lavaan")), "\n")
}
