# Indices of models fitted to samples of slightly misspecified populations. Run from this folder: Rscript sem_dynamic_cutoffs.R
# The populations are written out by hand from the rules of McNeish & Wolf (2021: the cross-loading of the weakest item on the factor
# with the larger H; 2022: residual correlations of .30, weakest items first), drawn by simulateData and fitted by lavaan.
source("lavaan_export.R")
set.seed(20211027); R <- 500; n <- 300
l <- c(.8, .7, .5, .75, .9, .8, .6, .85, .7); x <- paste0("x", 1:9)
text <- function(f, items, loadings) paste0(f, " =~ ", paste(paste0(loadings, "*", items), collapse = " + "))
two <- "f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7 + x8 + x9"; one <- paste("f =~", paste(x, collapse = " + "))
two_true <- c(text("f", x[1:4], l[1:4]), text("g", x[5:9], l[5:9]), "f ~~ 1*f\ng ~~ 1*g\nf ~~ 0.4*g")
largest <- .95 * (sqrt(.5^2 * .4^2 + 1 - .5^2) - .5 * .4); cross <- min(.5, largest) # x3 on g
rest <- function(v, items = x) paste(paste0(items, " ~~ ", v, "*", items), collapse = "\n")
two_wrong <- c(two_true, paste0("g =~ ", cross, "*x3")); v <- 1 - l^2; w <- v; w[3] <- 1 - .5^2 - cross^2 - 2 * .4 * .5 * cross
one_true <- c(text("f", x, l), "f ~~ 1*f"); order <- order(l); pair <- function(k) { i <- order[2*k-1]; j <- order[2*k]; paste0(x[i], " ~~ ", .3 * sqrt(v[i] * v[j]), "*", x[j]) }
simulated <- function(id, model, population) { m <- t(sapply(seq_len(R), function(r) fitMeasures(cfa(model, simulateData(paste(population, collapse = "\n"), sample.nobs = n), se = "none"), c("cfi", "rmsea", "srmr")))); cat(id, "\n")
  p <- c(.05, .1, .5, .9, .95); list(id = id, model = model, quantiles = lapply(as.list(as.data.frame(m)), function(z) unname(quantile(z, p)))) }
write_oracle(list(simulated("two_0", two, c(two_true, rest(v))), simulated("two_1", two, c(two_wrong, rest(w))),
  simulated("one_0", one, c(one_true, rest(v))), simulated("one_1", one, c(one_true, rest(v), pair(1))), simulated("one_2", one, c(one_true, rest(v), pair(1), pair(2))),
  simulated("one_3", one, c(one_true, rest(v), sapply(1:4, pair)))), "sem_dynamic_cutoffs.json", replicates = R, n = n, shares = c(.05, .1, .5, .9, .95))
